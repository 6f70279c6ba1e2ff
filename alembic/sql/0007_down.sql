-- Back to members who are added by the command line alone.
DROP FUNCTION auth.add_invitation(text, uuid, timestamptz), auth.drop_invitation(uuid), auth.peek_invitation(text), auth.use_invitation(text),
  auth.open_invited(text, text, text, text), auth.end_member_keys(uuid), auth.member_keys(uuid), auth.member_sessions(uuid),
  app.search_invitations(text, integer);
DROP TABLE auth.invitations;

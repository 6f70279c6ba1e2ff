-- Back to identities that nobody can use.
DROP FUNCTION auth.note_oidc_refusal(text, text, text), auth.identities_of(text), auth.unlink_identity(text, text, text), auth.link_identity(text, text, text, text, text, text),
  auth.sign_in_by_identity(text, text, text, text, text), auth.take_oidc(text, text, text, text),
  auth.start_oidc(text, text, text, text, text, text, text), auth.person_of(text);
DROP INDEX auth.ux_identities_person;
DROP TABLE auth.oidc_flows;

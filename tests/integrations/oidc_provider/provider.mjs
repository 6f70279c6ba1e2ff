// A provider of OpenID Connect for tests: PORT, REDIRECTS (JSON list). Signs everybody in under the name that is typed; an
// address is vouched for unless the name starts with "unverified".
import { Provider } from "oidc-provider";

const port = Number(process.env.PORT);
const issuer = `http://localhost:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "ontrack",
    client_secret: "a secret: of tests & nothing else+%",
    redirect_uris: JSON.parse(process.env.REDIRECTS),
    response_types: ["code"],
    grant_types: ["authorization_code"],
  }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  cookies: { keys: ["a key of tests"] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      email: id.includes("@") ? id.replace("unverified.", "") : `${id}@elsewhere.example`,
      email_verified: !id.startsWith("unverified"),
    }),
  }),
});
provider.listen(port, "127.0.0.1");

// A real OpenID provider on 127.0.0.1 for the tests: `node provider.mjs PORT REDIRECT_URI[,REDIRECT_URI]`. Whoever signs in by a name of PEOPLE
// gets its claims in the identity token, without a password. It prints "ready" when it listens.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [port, addresses] = process.argv.slice(2);
const redirectUris = addresses.split(',');
const PEOPLE = {
  lanh_dao: { name: 'Trần Thị Lãnh Đạo', baophu_role: 'leadership' },
  van_hanh: { name: 'Lê Văn Hành', baophu_role: ['operator'] },
  bac_giang: { name: 'Nguyễn Bắc Giang', baophu_role: 'province', baophu_province: '24' },
  ha_giang: { name: 'Phạm Hà Giang', baophu_role: 'province', baophu_province: '02' },
  khach: { name: 'Người Chưa Có Vai Trò' },
  lac: { name: '<b>Tỉnh Lạ</b>', baophu_role: 'province', baophu_province: '99' },
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'baophu',
    client_secret: 'a-secret-of-the-tests-only',
    redirect_uris: redirectUris,
    post_logout_redirect_uris: redirectUris,
  }],
  claims: { openid: ['sub'], profile: ['name', 'baophu_role', 'baophu_province'] },
  conformIdTokenClaims: false, // claims stand in the identity token, where the app reads them
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  cookies: { keys: ['tests only'] },
  renderError: (context, out) => { context.type = 'text'; context.body = JSON.stringify(out); },
});
const answer = provider.callback();

createServer(async (request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  if (!url.pathname.startsWith('/interaction/')) {
    answer(request, response);
    return;
  }
  const { prompt, params } = await provider.interactionDetails(request, response);
  const person = url.searchParams.get('person');
  if (url.searchParams.has('refuse')) {
    await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'the person refused' });
  } else if (prompt.name === 'login' && !person) {
    const links = Object.keys(PEOPLE).map((name) => `<li><a href="?person=${name}">${name}</a></li>`).join('');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!DOCTYPE html><title>Provider</title><h1>Who are you?</h1><ul>${links}</ul><a href="?refuse">refuse</a>`);
  } else if (prompt.name === 'login') {
    await provider.interactionFinished(request, response, { login: { accountId: person } });
  } else {
    const grant = new provider.Grant({ accountId: (await provider.interactionDetails(request, response)).session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));

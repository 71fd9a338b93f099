// Rules that say which sink takes a message, without anything to deliver it.
import { isMobError } from '@mobkit/core';
import { createRulesRouter } from '@mobkit/router-rules';

const router = createRulesRouter({
  routes: [
    { routeKey: 'pager', recipient: 'on-call', channel: 'alert', sink: 'pager' },
    { routeKey: 'on-call', recipient: 'on-call', sink: 'mail' },
  ],
});
for (const channel of ['alert', 'notification']) {
  const { sink } = await router.resolve({ recipient: 'on-call', channel });
  console.log(`${channel} goes to ${sink}`);
}
const error: unknown = await router.resolve({ recipient: 'nobody' }).catch((caught: unknown) => caught);
if (isMobError(error, 'MOB_ROUTE_UNRESOLVED')) console.log(error.message);

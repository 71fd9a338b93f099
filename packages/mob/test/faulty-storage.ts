export { appends, FaultyStorage, unavailable } from '@mobkit/contract-kit';

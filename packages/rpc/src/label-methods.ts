import { setLabelsParams, noParams, parseParams, setRunLabelsParams, runParams } from './params.js';
import type { Method } from './method.js';

const setMobLabels: Method = async ({ runtime }, params) => {
  await runtime.labels.set(parseParams(setLabelsParams, params).labels);
  return { accepted: true };
};

const getMobLabels: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  return { labels: await runtime.labels.get() };
};

const deleteMobLabels: Method = async ({ runtime }, params) => {
  parseParams(noParams, params);
  await runtime.labels.delete();
  return { accepted: true };
};

const setRunLabels: Method = async ({ runtime }, params) => {
  const { run_id: runId, labels } = parseParams(setRunLabelsParams, params);
  await runtime.labels.set(labels, runId);
  return { accepted: true };
};

const getRunLabels: Method = async ({ runtime }, params) => {
  return { labels: await runtime.labels.get(parseParams(runParams, params).run_id) };
};

const deleteRunLabels: Method = async ({ runtime }, params) => {
  await runtime.labels.delete(parseParams(runParams, params).run_id);
  return { accepted: true };
};

export const labelMethods = {
  'mobkit/mob_labels/set': setMobLabels,
  'mobkit/mob_labels/get': getMobLabels,
  'mobkit/mob_labels/delete': deleteMobLabels,
  'mobkit/run_labels/set': setRunLabels,
  'mobkit/run_labels/get': getRunLabels,
  'mobkit/run_labels/delete': deleteRunLabels,
};

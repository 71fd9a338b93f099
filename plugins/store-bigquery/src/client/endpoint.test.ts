import { expect, it } from 'vitest';

import { parseEndpoint } from './endpoint.js';

it('[bigquery.endpoint] sends to Google, and to a host that was allowed', () => {
  expect(parseEndpoint()).toEqual({
    origin: 'https://bigquery.googleapis.com',
    path: '/bigquery/v2',
    uploadPath: '/upload/bigquery/v2',
    loopback: false,
  });
  expect(parseEndpoint('https://bigquery.europe-west3.rep.googleapis.com/bigquery/v2/')).toMatchObject({
    origin: 'https://bigquery.europe-west3.rep.googleapis.com',
    path: '/bigquery/v2',
  });
  expect(parseEndpoint('http://127.0.0.1:9050', ['127.0.0.1'])).toMatchObject({
    origin: 'http://127.0.0.1:9050',
    path: '/bigquery/v2',
    loopback: true,
  });
  expect(parseEndpoint('http://[::1]:9050', ['[::1]']).loopback).toBe(true);
  expect(parseEndpoint('https://bigquery.internal', ['bigquery.internal']).loopback).toBe(false);
});

it.each([
  ['https://x.googleapis.com:1@evil.example/', 'user'],
  ['https://evil.example#.googleapis.com', 'fragment'],
  ['https://evil.example?.googleapis.com', 'query'],
  ['https://bigquery.googleapis.com/?', 'query'],
  ['https://evil.example\\.googleapis.com', 'backslash'],
  ['https://evil.example', 'evil.example'],
  ['https://evilgoogleapis.com', 'evilgoogleapis.com'],
  ['https://bigquery.googleapis.com.evil.example', 'evil.example'],
  ['http://bigquery.googleapis.com', 'http:'],
  ['ftp://bigquery.googleapis.com', 'ftp:'],
  ['http://127.0.0.1:9050', '127.0.0.1'],
  ['http://localhost', 'localhost'],
  ['http://2130706433/', '127.0.0.1'],
  ['bigquery.googleapis.com', 'URL'],
  ['', 'URL'],
])('[bigquery.endpoint-refused] refuses %s before anything is sent', (apiEndpoint, why) => {
  const parse = () => parseEndpoint(apiEndpoint, ['allowed.example']);
  expect(parse).toThrow(why);
  expect(parse).toThrow(
    expect.objectContaining({ code: 'MOB_CONFIG_INVALID', details: { field: 'apiEndpoint' } }) as Error,
  );
});

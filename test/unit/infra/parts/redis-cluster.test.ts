/** What CLUSTER NODES says of roles, also after a master has failed. */

import { expect, it } from 'vitest';
import { parseNodes } from '#infra/parts/redis-cluster.ts';

const NODES = `aaa 127.0.0.1:1@11 myself,master - 0 0 1 connected 0-5460
bbb 127.0.0.1:2@12 master - 0 0 2 connected 5461-10921 10923 [93-<-aaa]
ccc 127.0.0.1:3@13 master,fail - 0 0 3 disconnected
ddd 127.0.0.1:4@14 slave aaa 0 0 1 connected
eee 127.0.0.1:5@15,host master - 0 0 7 connected 10922 10924-16383
fff 127.0.0.1:6@16 slave,fail bbb 0 0 2 disconnected
`;

it('names masters with slots, their replicas and their slots; a master that was replaced is none', () => {
  expect(parseNodes(NODES)).toEqual([
    { master: '127.0.0.1:1', replicas: ['127.0.0.1:4'], slots: [[0, 5460]] },
    {
      master: '127.0.0.1:2',
      replicas: ['127.0.0.1:6'],
      slots: [
        [5461, 10921],
        [10923, 10923],
      ],
    },
    {
      master: '127.0.0.1:5',
      replicas: [],
      slots: [
        [10922, 10922],
        [10924, 16383],
      ],
    },
  ]);
});

it('knows a node that belongs to no cluster', () => {
  expect(parseNodes('aaa :1@11 myself,master - 0 0 0 connected')).toEqual([]);
});

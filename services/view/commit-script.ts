/**
 * The one write to the view. It runs in Redis as a whole or not at all, and only from the position that the writer
 * started from: so a writer that lost its partition, or a Redis that lost its newest writes, is found out here
 * (invariant *View and position move together* in DESIGN.md).
 */
export const COMMIT_SCRIPT = `
-- KEYS[1]   the partition's position
-- KEYS[2]   the partition's freshness
-- KEYS[3..] views of people of the partition
-- ARGV[1]   the position that must be stored now; '' for none
-- ARGV[2]   the new position
-- ARGV[3]   the new freshness
-- ARGV[4..] the views' bytes, one for each of KEYS[3..]
-- returns   1 when applied, 0 when another position is stored: then nothing is changed
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
for i = 3, #KEYS do redis.call('SET', KEYS[i], ARGV[i + 1]) end
redis.call('SET', KEYS[2], ARGV[3])
redis.call('SET', KEYS[1], ARGV[2])
return 1
`;

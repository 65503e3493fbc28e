/**
 * The one write to the view. It runs in Redis as a whole or not at all, and only from the position that the writer
 * started from, in the generation that it is there to write: so a writer that lost its partition, one whose generation
 * is no longer live, or a Redis that lost its newest writes, is found out here (invariant *View and position move
 * together* in DESIGN.md).
 */
export const COMMIT_SCRIPT = `
-- KEYS[1]   the pointer that must name the writer's generation: the live one, or the one being built
-- KEYS[2]   the partition's position in that generation
-- KEYS[3]   the partition's freshness in that generation
-- KEYS[4]   the withdrawals whose digest the freshness names, behind that digest
-- KEYS[5]   a hash of what the log has said up to the position, by province and topic
-- KEYS[6]   which numbers of each process were seen up to the position
-- KEYS[7..] views of people of the partition in that generation
-- ARGV[1]   the writer's generation
-- ARGV[2]   the position that must be stored now; '' for none
-- ARGV[3]   the new position
-- ARGV[4]   the new freshness
-- ARGV[5]   the digest that the freshness names; '' for none
-- ARGV[6]   what KEYS[4] is to hold where it holds another digest; '' for what it holds
-- ARGV[7]   what KEYS[6] is to hold; '' for what it holds
-- ARGV[8]   how many fields of KEYS[5] grow; ARGV[9] how many reach an instant, of which the latest is kept
-- ARGV[10..] these fields, each before its number; then the views' bytes, one for each of KEYS[7..]
-- returns   1 when applied; 0 when another generation is named or another position stored, 2 when KEYS[4] holds another
--           digest and ARGV[6] nothing: then nothing is changed
if (redis.call('GET', KEYS[1]) or '1') ~= ARGV[1] then return 0 end
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
if ARGV[5] ~= '' and redis.call('GETRANGE', KEYS[4], 0, #ARGV[5] - 1) ~= ARGV[5] then
  if ARGV[6] == '' then return 2 end
  redis.call('SET', KEYS[4], ARGV[6])
end
if ARGV[7] ~= '' then redis.call('SET', KEYS[6], ARGV[7]) end
local at = 10
for _ = 1, tonumber(ARGV[8]) do
  redis.call('HINCRBY', KEYS[5], ARGV[at], ARGV[at + 1])
  at = at + 2
end
for _ = 1, tonumber(ARGV[9]) do
  local reached = tonumber(redis.call('HGET', KEYS[5], ARGV[at]) or '0')
  if tonumber(ARGV[at + 1]) > reached then redis.call('HSET', KEYS[5], ARGV[at], ARGV[at + 1]) end
  at = at + 2
end
for i = 7, #KEYS do redis.call('SET', KEYS[i], ARGV[at + i - 7]) end
redis.call('SET', KEYS[3], ARGV[4])
redis.call('SET', KEYS[2], ARGV[3])
return 1
`;

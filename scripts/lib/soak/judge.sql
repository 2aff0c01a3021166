-- What clients saw, what the providers logged and what the ledger holds, laid beside each other. Each row is a check: its name, and how many break it.
\set ON_ERROR_STOP on
CREATE TABLE soak.attempts AS SELECT decision, decision || '-' || attempt AS name, status, input, output, estimated FROM charter.usage;
CREATE INDEX ON soak.attempts (decision);
CREATE INDEX ON soak.attempts (name);
ANALYZE soak.attempts;

-- An answer that a client saw whole is one row of status 200 with exactly its tokens.
SELECT 'whole answers that are not one row of the ledger with their tokens', count(*)
FROM soak.seen s WHERE outcome = 'whole' AND s.input IS NOT NULL AND (SELECT count(*) FROM soak.attempts a
    WHERE a.decision = s.decision AND a.status = 200 AND NOT a.estimated AND a.input = s.input AND a.output = s.output) <> 1;
SELECT 'whole answers that are not one row of the ledger', count(*)
FROM soak.seen s WHERE outcome = 'whole' AND (SELECT count(*) FROM soak.attempts a WHERE a.decision = s.decision AND a.status = 200) <> 1;
-- A client that left before the head never learned the name of its request.
SELECT 'requests of the ledger beyond those whose clients left or broke without a name', greatest(0,
    (SELECT count(DISTINCT decision) FROM soak.attempts a WHERE NOT EXISTS (SELECT FROM soak.seen s WHERE s.decision = a.decision))
    - (SELECT count(*) FROM soak.seen WHERE decision IS NULL));
SELECT 'answers that a provider logged whole and the ledger lacks', count(*)
FROM soak.served p WHERE p.status = 200 AND p.complete AND NOT EXISTS (SELECT FROM soak.attempts a WHERE a.name = p.request_id);
SELECT 'rows of status 200 whose tokens are not those that a provider logged', count(*)
FROM soak.attempts a WHERE a.status = 200 AND NOT a.estimated
    AND NOT EXISTS (SELECT FROM soak.served p WHERE p.request_id = a.name AND p.complete AND p.input = a.input AND p.output = a.output);
SELECT 'attempts that are in the ledger twice', count(*) FROM (SELECT FROM soak.attempts GROUP BY name HAVING count(*) > 1) twice;
SELECT 'sums by hour that differ from the ledger', count(*) FROM (
    SELECT sum(input), sum(output), sum(requests)::bigint, sum(cost) FROM charter.usage
    EXCEPT SELECT sum(input), sum(output), sum(requests)::bigint, sum(cost) FROM charter.usage_hour) other;

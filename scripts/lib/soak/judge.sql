-- What clients saw, what the providers logged and what the ledger holds, laid beside each other. Each row is a check: its name, and how many break it.
\set ON_ERROR_STOP on
CREATE TEMP VIEW attempts AS SELECT decision, attempt, decision || '-' || attempt AS name, status, input, output, estimated FROM charter.usage;

-- An answer that a client saw whole is one row of status 200 with exactly its tokens.
SELECT 'whole answers that are not one row of the ledger with their tokens', count(*)
FROM soak.seen s WHERE outcome = 'whole' AND s.input IS NOT NULL
    AND (SELECT count(*) FROM attempts r WHERE r.decision = s.decision AND r.status = 200 AND NOT r.estimated AND r.input = s.input AND r.output = s.output) <> 1;
SELECT 'whole answers that are not one row of the ledger', count(*)
FROM soak.seen s WHERE outcome = 'whole' AND (SELECT count(*) FROM attempts r WHERE r.decision = s.decision AND r.status = 200) <> 1;
-- A client that left before the head never learned the name of its request.
SELECT 'requests of the ledger beyond those whose clients left or broke without a name',
    greatest(0, (SELECT count(DISTINCT decision) FROM attempts WHERE decision NOT IN (SELECT decision FROM soak.seen WHERE decision IS NOT NULL))
        - (SELECT count(*) FROM soak.seen WHERE decision IS NULL));
SELECT 'answers that a provider logged whole and the ledger lacks', count(*)
FROM soak.served p WHERE p.status = 200 AND p.complete AND NOT EXISTS (SELECT FROM attempts r WHERE r.name = p.request_id);
SELECT 'rows of status 200 whose tokens are not those that a provider logged', count(*)
FROM attempts r WHERE r.status = 200 AND NOT r.estimated
    AND NOT EXISTS (SELECT FROM soak.served p WHERE p.request_id = r.name AND p.complete AND p.input = r.input AND p.output = r.output);
SELECT 'attempts that are in the ledger twice', count(*) FROM (SELECT FROM attempts GROUP BY name HAVING count(*) > 1) twice;
SELECT 'sums by hour that differ from the ledger',
    (SELECT count(*) FROM (SELECT sum(input), sum(output), sum(requests)::bigint, sum(cost) FROM charter.usage
        EXCEPT SELECT sum(input), sum(output), sum(requests)::bigint, sum(cost) FROM charter.usage_rollup) other);

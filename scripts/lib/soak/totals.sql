-- One line for a person: whole answers whose usage clients saw, and the same requests in the ledger.
SELECT format('%s answers with %s tokens of input and %s of output as clients saw them; in the ledger %s rows with %s and %s',
    count(s.*), sum(s.input), sum(s.output), count(u.*), sum(u.input), sum(u.output))
FROM soak.seen s LEFT JOIN charter.usage u ON u.decision = s.decision AND u.status = 200
WHERE s.outcome = 'whole' AND s.input IS NOT NULL;

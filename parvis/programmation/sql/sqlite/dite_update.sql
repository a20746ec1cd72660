-- tables: programmation_lignededecision
DROP TRIGGER IF EXISTS {table}_dite_update;
-- fin
CREATE TRIGGER {table}_dite_update BEFORE UPDATE ON {table}
WHEN EXISTS (
    SELECT 1 FROM programmation_decision
    WHERE id IN (OLD.decision_id, NEW.decision_id) AND publiee_le IS NOT NULL
)
BEGIN
    SELECT RAISE(ABORT, 'Une décision publiée ne change plus.');
END;

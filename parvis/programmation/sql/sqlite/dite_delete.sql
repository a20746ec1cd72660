-- tables: programmation_lignededecision
DROP TRIGGER IF EXISTS {table}_dite_delete;
-- fin
CREATE TRIGGER {table}_dite_delete BEFORE DELETE ON {table}
WHEN EXISTS (
    SELECT 1 FROM programmation_decision WHERE id = OLD.decision_id AND publiee_le IS NOT NULL
)
BEGIN
    SELECT RAISE(ABORT, 'Une décision publiée ne change plus.');
END;

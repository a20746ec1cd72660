-- tables: programmation_lignededecision
DROP TRIGGER IF EXISTS {table}_dite_insert;
-- fin
CREATE TRIGGER {table}_dite_insert BEFORE INSERT ON {table}
WHEN EXISTS (
    SELECT 1 FROM programmation_decision
    WHERE publiee_le IS NOT NULL
      -- Les lignes que REPLACE effacerait en silence comptent aussi.
      AND id IN (NEW.decision_id, (SELECT decision_id FROM {table} WHERE id = NEW.id))
)
BEGIN
    SELECT RAISE(ABORT, 'Une décision publiée ne change plus.');
END;

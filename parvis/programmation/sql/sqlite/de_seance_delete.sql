-- tables: programmation_pointdeseance, programmation_apportdeseance
DROP TRIGGER IF EXISTS {table}_de_seance_delete;
-- fin
CREATE TRIGGER {table}_de_seance_delete BEFORE DELETE ON {table}
WHEN EXISTS (
    SELECT 1 FROM programmation_seance
    WHERE publiee_le IS NOT NULL AND id IN (OLD.seance_id)
)
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;

-- tables: programmation_pointdeseance, programmation_apportdeseance
DROP TRIGGER IF EXISTS {table}_de_seance_insert;
-- fin
CREATE TRIGGER {table}_de_seance_insert BEFORE INSERT ON {table}
-- La ligne que REPLACE effacerait en silence compte aussi.
WHEN EXISTS (
    SELECT 1 FROM programmation_seance
    WHERE publiee_le IS NOT NULL
      AND id IN (NEW.seance_id, (SELECT seance_id FROM {table} WHERE id = NEW.id))
)
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;

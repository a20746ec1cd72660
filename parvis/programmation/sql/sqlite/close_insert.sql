-- tables: programmation_seance
DROP TRIGGER IF EXISTS {table}_close_insert;
-- fin
CREATE TRIGGER {table}_close_insert BEFORE INSERT ON {table}
-- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
WHEN EXISTS (
    SELECT 1 FROM {table}
    WHERE publiee_le IS NOT NULL AND (id = NEW.id OR reunion_id = NEW.reunion_id)
)
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;

-- tables: programmation_arbitrage, programmation_deportdeseance
DROP TRIGGER IF EXISTS {table}_de_point_insert;
-- fin
CREATE TRIGGER {table}_de_point_insert BEFORE INSERT ON {table}
-- La ligne que REPLACE effacerait en silence compte aussi.
WHEN EXISTS (
    SELECT 1
    FROM programmation_pointdeseance point
    JOIN programmation_seance seance ON seance.id = point.seance_id
    WHERE seance.publiee_le IS NOT NULL
      AND point.id IN (NEW.point_id, (SELECT point_id FROM {table} WHERE id = NEW.id))
)
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;

-- tables: programmation_arbitrage, programmation_deportdeseance
DROP TRIGGER IF EXISTS {table}_de_point_delete;
-- fin
CREATE TRIGGER {table}_de_point_delete BEFORE DELETE ON {table}
WHEN EXISTS (
    SELECT 1
    FROM programmation_pointdeseance point
    JOIN programmation_seance seance ON seance.id = point.seance_id
    WHERE seance.publiee_le IS NOT NULL AND point.id IN (OLD.point_id)
)
BEGIN
    SELECT RAISE(ABORT, 'Une séance publiée ne change plus.');
END;

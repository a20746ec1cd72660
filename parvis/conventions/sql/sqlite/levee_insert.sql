-- tables: conventions_conditionlevee
DROP TRIGGER IF EXISTS {table}_levee_insert;
-- fin
CREATE TRIGGER {table}_levee_insert BEFORE INSERT ON {table}
WHEN NEW.annulee_le IS NOT NULL
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    OR EXISTS (
        SELECT 1 FROM {table}
        WHERE id = NEW.id OR (reponse_id = NEW.reponse_id AND annulee_le IS NULL)
    )
BEGIN
    SELECT RAISE(ABORT, 'Une condition levée ne change plus et ne s’efface pas : elle s’annule, tant que rien n’est versé.');
END;

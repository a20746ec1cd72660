-- tables: conventions_lignedacte
DROP TRIGGER IF EXISTS {table}_ecrite_insert;
-- fin
CREATE TRIGGER {table}_ecrite_insert BEFORE INSERT ON {table}
WHEN EXISTS (
    SELECT 1 FROM conventions_acte WHERE etat <> 'prepare' AND (
        id = NEW.acte_id
        -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
        OR id IN (
            SELECT acte_id FROM {table}
            WHERE id = NEW.id OR (reponse_id = NEW.reponse_id AND vaut AND NEW.vaut)
        )
    )
)
BEGIN
    SELECT RAISE(ABORT, 'Ce qu’un acte dit d’une demande ne change plus.');
END;

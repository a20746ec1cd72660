-- tables: conventions_lignedacte
DROP TRIGGER IF EXISTS {table}_ecrite_delete;
-- fin
CREATE TRIGGER {table}_ecrite_delete BEFORE DELETE ON {table}
WHEN EXISTS (
    SELECT 1 FROM conventions_acte WHERE id IN (OLD.acte_id) AND etat <> 'prepare'
)
BEGIN
    SELECT RAISE(ABORT, 'Ce qu’un acte dit d’une demande ne change plus.');
END;

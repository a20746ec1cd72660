-- tables: conventions_lignedacte
DROP TRIGGER IF EXISTS {table}_ecrite_insert;
-- fin
CREATE TRIGGER {table}_ecrite_insert BEFORE INSERT ON {table}
WHEN EXISTS (
    SELECT 1 FROM conventions_acte WHERE id IN (NEW.acte_id, (SELECT acte_id FROM {table} WHERE id = NEW.id)) AND etat <> 'prepare'
)
BEGIN
    SELECT RAISE(ABORT, 'Ce qu’un acte dit d’une demande ne change plus.');
END;

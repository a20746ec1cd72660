-- tables: conventions_echeance
DROP TRIGGER IF EXISTS {table}_payee_update;
-- fin
CREATE TRIGGER {table}_payee_update BEFORE UPDATE ON {table}
WHEN EXISTS (
    SELECT 1 FROM conventions_acte WHERE id IN (OLD.acte_id, NEW.acte_id) AND etat <> 'prepare'
)
BEGIN
    SELECT RAISE(ABORT, 'Un échéancier ne change que tant que son acte est en préparation.');
END;

-- tables: conventions_echeance
DROP TRIGGER IF EXISTS {table}_payee_delete;
-- fin
CREATE TRIGGER {table}_payee_delete BEFORE DELETE ON {table}
WHEN EXISTS (SELECT 1 FROM conventions_acte WHERE id = OLD.acte_id AND etat <> 'prepare')
BEGIN
    SELECT RAISE(ABORT, 'Un échéancier ne change que tant que son acte est en préparation.');
END;

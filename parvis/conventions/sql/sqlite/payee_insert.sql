-- tables: conventions_echeance
DROP TRIGGER IF EXISTS {table}_payee_insert;
-- fin
CREATE TRIGGER {table}_payee_insert BEFORE INSERT ON {table}
WHEN EXISTS (
    SELECT 1 FROM conventions_acte WHERE etat <> 'prepare' AND id IN (
        -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
        NEW.acte_id, (SELECT acte_id FROM {table} WHERE id = NEW.id)
    )
)
BEGIN
    SELECT RAISE(ABORT, 'Un échéancier ne change que tant que son acte est en préparation.');
END;

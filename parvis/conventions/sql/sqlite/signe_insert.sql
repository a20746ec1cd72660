-- tables: conventions_acte
DROP TRIGGER IF EXISTS {table}_signe_insert;
-- fin
CREATE TRIGGER {table}_signe_insert BEFORE INSERT ON {table}
BEGIN
    SELECT RAISE(ABORT, 'Un acte naît en préparation.') WHERE NEW.etat <> 'prepare';
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    SELECT RAISE(ABORT, 'Un acte reste au registre : il s’annule, il ne s’efface pas.')
    WHERE EXISTS (
        SELECT 1 FROM {table}
        WHERE id = NEW.id OR (
            financeur_id = NEW.financeur_id AND exercice = NEW.exercice AND rang = NEW.rang
        )
    );
END;

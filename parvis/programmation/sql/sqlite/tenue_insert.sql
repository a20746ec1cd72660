-- tables: programmation_enveloppe
DROP TRIGGER IF EXISTS {table}_tenue_insert;
-- fin
CREATE TRIGGER {table}_tenue_insert BEFORE INSERT ON {table}
BEGIN
    -- REPLACE efface la ligne qu'il remplace sans réveiller les déclencheurs de suppression.
    SELECT RAISE(ABORT, 'Une enveloppe ne se remplace pas.')
    WHERE EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'Une enveloppe naît vide.')
    WHERE NEW.montant_recu <> 0 OR NEW.montant_cede <> 0 OR NEW.montant_vote <> 0;
    SELECT RAISE(ABORT, 'Une sous-enveloppe est du même financeur et du même exercice que sa mère.')
    WHERE NEW.mere_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM {table} mere
        WHERE mere.id = NEW.mere_id AND mere.mere_id IS NULL
          AND mere.contrat_id = NEW.contrat_id AND mere.financeur_id = NEW.financeur_id
          AND mere.exercice = NEW.exercice
    );
END;

-- tables: programmation_enveloppe
CREATE OR REPLACE FUNCTION {table}_tenue() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.montant_recu <> 0 OR NEW.montant_cede <> 0 OR NEW.montant_vote <> 0 THEN
            RAISE EXCEPTION 'Une enveloppe naît vide.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.mere_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM {table} mere
            WHERE mere.id = NEW.mere_id AND mere.mere_id IS NULL
              AND (mere.contrat_id, mere.financeur_id, mere.exercice)
                = (NEW.contrat_id, NEW.financeur_id, NEW.exercice)
        ) THEN
            RAISE EXCEPTION 'Une sous-enveloppe est du même financeur et du même exercice que sa mère.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.contrat_id, NEW.financeur_id, NEW.exercice, NEW.ligne, NEW.commune_id,
        NEW.pilier, NEW.mere_id)
        IS DISTINCT FROM
       (OLD.id, OLD.contrat_id, OLD.financeur_id, OLD.exercice, OLD.ligne, OLD.commune_id,
        OLD.pilier, OLD.mere_id) THEN
        RAISE EXCEPTION 'Une enveloppe reste celle de son financeur, de son exercice et de sa ligne.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Un déclencheur d'une autre table écrit à la profondeur 2 ; une main, à la profondeur 1.
    IF pg_trigger_depth() < 2
        AND (NEW.montant_recu, NEW.montant_cede, NEW.montant_vote)
            IS DISTINCT FROM (OLD.montant_recu, OLD.montant_cede, OLD.montant_vote) THEN
        RAISE EXCEPTION 'Les comptes d’une enveloppe ne se touchent pas à la main.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_tenue ON {table};
-- fin
CREATE TRIGGER {table}_tenue BEFORE INSERT OR UPDATE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_tenue();

-- tables: conventions_conditionlevee
CREATE OR REPLACE FUNCTION {table}_levee() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.annulee_le IS NOT NULL THEN
            RAISE EXCEPTION 'Une condition levée ne change plus et ne s’efface pas : elle s’annule, tant que rien n’est versé.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.annulee_le IS NOT NULL OR NEW.annulee_le IS NULL
        OR (NEW.id, NEW.reponse_id, NEW.levee_le, NEW.levee_par, NEW.justification, NEW.notee_le, NEW.fichier_id)
        IS DISTINCT FROM
        (OLD.id, OLD.reponse_id, OLD.levee_le, OLD.levee_par, OLD.justification, OLD.notee_le, OLD.fichier_id)
    THEN
        RAISE EXCEPTION 'Une condition levée ne change plus et ne s’efface pas : elle s’annule, tant que rien n’est versé.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Un versement de l'acte et cette annulation se suivent : le second voit le premier.
    PERFORM 1 FROM conventions_acte
        WHERE id IN (SELECT acte_id FROM conventions_lignedacte WHERE reponse_id = OLD.reponse_id)
        ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM conventions_versement versement
        JOIN conventions_lignedacte ligne ON ligne.acte_id = versement.acte_id
        WHERE ligne.reponse_id = OLD.reponse_id AND versement.annule_le IS NULL
    ) THEN
        RAISE EXCEPTION 'Une condition levée ne change plus et ne s’efface pas : elle s’annule, tant que rien n’est versé.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_levee ON {table};
-- fin
CREATE TRIGGER {table}_levee BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_levee();

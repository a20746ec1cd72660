-- tables: conventions_retrait
CREATE OR REPLACE FUNCTION {table}_retrait() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.etat <> 'a_entendre' OR NOT EXISTS (
        SELECT 1 FROM conventions_acte WHERE id = NEW.acte_id AND etat = 'notifie'
    ) OR EXISTS (
        -- Une convention et ses avenants sont une seule subvention.
        SELECT 1 FROM conventions_cloture cloture
        JOIN conventions_acte acte ON acte.id = cloture.acte_id
        WHERE NEW.acte_id IN (acte.id, acte.modifie_id)
    ) THEN
            RAISE EXCEPTION 'Un retrait commence par demander ses observations, sur un acte notifié qui n’est pas clos.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.etat <> 'a_entendre' THEN
        RAISE EXCEPTION 'Un retrait décidé ou abandonné ne change plus, et aucun ne s’efface.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Un versement en cours finit d'abord, ou attend : il verra ce retrait.
    PERFORM 1 FROM conventions_acte WHERE id = OLD.acte_id FOR NO KEY UPDATE;
    IF (NEW.id, NEW.acte_id, NEW.motif, NEW.manquement_le, NEW.debut_le, NEW.fin_le, NEW.observations_demandees_le, NEW.repondre_avant_le, NEW.demandees_par)
        IS DISTINCT FROM
        (OLD.id, OLD.acte_id, OLD.motif, OLD.manquement_le, OLD.debut_le, OLD.fin_le, OLD.observations_demandees_le, OLD.repondre_avant_le, OLD.demandees_par)
        -- Ce que l'organisme a répondu ici, personne ne le change.
        OR (OLD.repondu_le IS NOT NULL
            AND (NEW.reponse, NEW.repondu_le, NEW.repondu_par, NEW.reponse_jointe_id)
                IS DISTINCT FROM (OLD.reponse, OLD.repondu_le, OLD.repondu_par, OLD.reponse_jointe_id)) THEN
        RAISE EXCEPTION 'Un retrait décidé ou abandonné ne change plus, et aucun ne s’efface.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_retrait ON {table};
-- fin
CREATE TRIGGER {table}_retrait BEFORE INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_retrait();

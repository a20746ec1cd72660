-- tables: cadre_edition, cadre_declinaison, cadre_renvoi, cadre_constat, cadre_rubriquedefiche, cadre_publicdefiche, cadre_lieudefiche, cadre_typedeprojet, cadre_dispositifdefiche, cadre_partenairedefiche, cadre_versiondefiche, cadre_enjeu, cadre_pilier, cadre_sujethorscontrat
CREATE OR REPLACE FUNCTION {table}_figee_truncate() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'Une édition publiée ne change plus.'
        USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
-- fin
DROP TRIGGER IF EXISTS {table}_figee_truncate ON {table};
-- fin
CREATE TRIGGER {table}_figee_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {table}_figee_truncate();

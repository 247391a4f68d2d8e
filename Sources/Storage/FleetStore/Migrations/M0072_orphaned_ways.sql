-- Ways of loads that late reports had replaced stayed, and were held against later ones. What is left of them goes; all
-- deliveries are derived and judged again by this version.
DELETE FROM corridor_trip t WHERE NOT EXISTS (SELECT FROM delivery d WHERE d.load_id = t.load_id);

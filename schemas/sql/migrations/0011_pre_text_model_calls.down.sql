-- Undoes 0011.
DROP TABLE text_model_calls;

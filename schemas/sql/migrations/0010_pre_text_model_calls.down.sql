-- Undoes 0010.
DROP TABLE text_model_calls;

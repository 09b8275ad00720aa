"""How well errors are diagnosed, grouped and redacted, on labelled corpora and beside baselines."""

"""Made-up data for demonstrations, each row marked 示例."""

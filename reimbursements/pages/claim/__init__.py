"""The residents' way to a submitted claim, built as `filings.pages` is.

`steps` is the order, each step's questions stand in `forms` and `bill_form`; what is
decided stands elsewhere (`reimbursements.service`, `reimbursements.bills`).
"""

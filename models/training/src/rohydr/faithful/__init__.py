"""The paper's own structure (both released versions), with each defect of the released code as a switch."""

"""How processor time grows with what people wrote: twice as much may take about twice as long."""

"""How the installation is: probes that packages register, calls to systems outside, signs of life."""

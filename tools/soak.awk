# The table at the end of "make soak", from the lines that its tests print:
#   soak: WHAT COUNT losses N
/^soak: / { n++; what[n] = $2; count[n] = $3; lost[n] = $5; all += $5; next }
/^ *(=== |--- SKIP)/ || /no test files/ || /^(ok|PASS)/ { next }
{ print }
END {
	printf "\n%-32s %12s %8s\n", "what", "count", "losses"
	for (i = 1; i <= n; i++) printf "%-32s %12s %8s\n", what[i], count[i], lost[i]
	print "losses in all: " all + 0
	exit all > 0
}

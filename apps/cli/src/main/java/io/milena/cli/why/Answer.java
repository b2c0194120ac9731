package io.milena.cli.why;

import java.util.ArrayList;
import java.util.List;

/**
 * An answer with its reasons.
 *
 * @param findings what was looked at, in this order
 * @param conclusion what follows from it
 * @param advice what can be done, if anything
 */
public record Answer(List<String> findings, String conclusion, List<String> advice) {
    /** Findings one after the other, until one settles it. */
    static final class Reasoning {
        private final List<String> findings = new ArrayList<>();

        Reasoning found(String finding) {
            findings.add(finding);
            return this;
        }

        Answer so(String conclusion, String... advice) {
            return new Answer(List.copyOf(findings), conclusion, List.of(advice));
        }
    }
}

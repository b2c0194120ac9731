package io.milena.console.warnings;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Certificates that clients will soon refuse, or do already. */
public final class CertificateExpiry {
    /** Time enough to have a new one made by somebody else. */
    private static final double SOON_SECONDS = 30 * 86_400;

    private static final String ADVICE =
            "Put a new certificate where the ssl.keystore settings of the broker point, and start it anew.";

    private CertificateExpiry() {}

    /**
     * Of a certificate that a listener shows, or that vouches for one.
     *
     * @param subject whose it is, as a distinguished name
     * @param secondsLeft until it expires; negative once it has
     * @param nowMs in ms since 1970
     */
    public static Optional<Warning> check(int broker, String listener, String subject, double secondsLeft, long nowMs) {
        if (secondsLeft >= SOON_SECONDS) {
            return Optional.empty();
        }
        boolean hasExpired = secondsLeft < 0;
        String day = Instant.ofEpochMilli(nowMs + Math.round(secondsLeft * 1000))
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
        String title = "A certificate of listener " + listener + " of broker " + broker;
        return Optional.of(
                hasExpired
                        ? new Warning(
                                "certificate-expiry",
                                Warning.Severity.CRITICAL,
                                Warning.Subject.topic(""),
                                title + " has expired",
                                "That of " + subject + " was valid until " + day
                                        + ": clients that check it cannot connect.",
                                ADVICE)
                        : new Warning(
                                "certificate-expiry",
                                Warning.Severity.WARNING,
                                Warning.Subject.topic(""),
                                title + " is about to expire",
                                "That of " + subject + " is valid until " + day
                                        + "; then clients that check it cannot connect any more.",
                                ADVICE));
    }
}

package nucleus.caps.tool;

import nucleus.caps.CapsException;

/** Makes text from other sources safe to print on one line. */
final class Line {

    private Line() {
    }

    /** {@return the text, with each control character, format character and unpaired surrogate replaced by a question mark} */
    static String shown(String text) {
        return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
    }

    /** {@return the message of an exception, made safe by {@link #shown}} */
    static String message(Exception e) {
        return shown(String.valueOf(e.getMessage()));
    }

    /** {@return the message of a refused change, and the option that needs less if there is one} */
    static String refusal(CapsException e) {
        boolean unprivileged = e.errnoName().equals("EPERM") && message(e).contains("needs CAP_SETPCAP");
        return message(e) + (unprivileged ? " (--unprivileged needs no CAP_SETPCAP)" : "");
    }
}

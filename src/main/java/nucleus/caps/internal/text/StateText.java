package nucleus.caps.internal.text;

/**
 * The text format of cap_text_formats(7), as masks.
 *
 * @param effective the effective set
 * @param permitted the permitted set
 * @param inheritable the inheritable set
 */
public record StateText(long effective, long permitted, long inheritable) {

    /**
     * {@return the masks that a text describes}
     *
     * @param text the text
     * @param all the meaning of {@code all}
     * @param names the names of capabilities
     * @throws IllegalArgumentException if the text is malformed; the message says where and why
     */
    public static StateText parse(String text, long all, CapabilityNames names) {
        return new StateParser(text, all, names).parse();
    }

    /**
     * {@return the text as libcap writes it}
     *
     * @param supported the capabilities that the kernel knows
     * @param names the names of capabilities
     */
    public String write(long supported, CapabilityNames names) {
        return new StateFormat(this, names).write(supported);
    }
}

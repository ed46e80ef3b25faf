package nucleus.caps.mutants;

/**
 * One deliberate fault in one source file.
 *
 * @param file the path below src/main/java
 * @param what the fault in one line, as the committed table has it
 * @param source the whole file with the fault in it
 */
record Mutant(String file, String what, String source) {

    /** The line of the table. */
    String row() {
        return file.substring(file.lastIndexOf('/') + 1) + " " + what;
    }

    @Override
    public String toString() {
        return row();
    }
}

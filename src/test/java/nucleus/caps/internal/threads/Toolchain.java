package nucleus.caps.internal.threads;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How to make programs for a processor, and to run them here. */
enum Toolchain {

    X86_64(Processor.X86_64, "", "binutils", "gcc libc6-dev", List.of()),
    AARCH64(Processor.AARCH64, "aarch64-linux-gnu-", "binutils-aarch64-linux-gnu",
            "gcc-aarch64-linux-gnu libc6-dev-arm64-cross",
            List.of(new Tool("qemu-aarch64-static", "qemu-user-static"))),
    RISCV64(Processor.RISCV64, "riscv64-linux-gnu-", "binutils-riscv64-linux-gnu",
            "gcc-riscv64-linux-gnu libc6-dev-riscv64-cross",
            List.of(new Tool("qemu-riscv64-static", "qemu-user-static")));

    private static final Path SOURCES = Tool.BASEDIR.resolve("src/main/java/nucleus/caps/internal/threads");

    private final Processor processor;
    private final Tool assembler;
    private final Tool objcopy;
    private final Tool nm;
    private final Tool compiler;
    private final List<Tool> emulator;

    Toolchain(Processor processor, String prefix, String binutils, String gcc, List<Tool> emulator) {
        this.processor = processor;
        this.emulator = isNative(processor) ? List.of() : emulator;
        String tool = isNative(processor) ? "" : prefix;
        assembler = new Tool(tool + "as", binutils);
        objcopy = new Tool(tool + "objcopy", binutils);
        nm = new Tool(tool + "nm", binutils);
        compiler = new Tool(tool + "gcc", gcc);
    }

    private static boolean isNative(Processor processor) {
        return processor == Processor.of(System.getProperty("os.arch"));
    }

    Handler handler() {
        return processor.handler();
    }

    /** The source of the handler. */
    Path source() {
        return SOURCES.resolve("handler_" + name().toLowerCase(Locale.ROOT) + ".S");
    }

    /** The object file of the handler. */
    Path assemble(Path directory) {
        return assemble(source(), directory);
    }

    Path assemble(Path source, Path directory) {
        Path object = directory.resolve(name() + ".o");
        assembler.run("--fatal-warnings", "-o", object.toString(), source.toString());
        return object;
    }

    /** The file with the bytes of its text section. */
    Path text(Path object) {
        Path text = object.resolveSibling(name() + ".text");
        objcopy.run("-O", "binary", "-j", ".text", object.toString(), text.toString());
        return text;
    }

    /** Its symbols: value, type, name. */
    List<String[]> symbols(Path object) {
        return nm.run(object.toString()).lines().map(line -> line.strip().split(" +")).toList();
    }

    /** What is for the processor here. */
    static Toolchain ofThisMachine() {
        return Arrays.stream(values()).filter(toolchain -> isNative(toolchain.processor)).findFirst().orElseThrow();
    }

    /** {@return a source in C beside the tests of this package} */
    static Path inC(String name) {
        return Tool.BASEDIR.resolve("src/test/resources/nucleus/caps/internal/threads/" + name + ".c");
    }

    /** Compiles a C program for that processor. */
    Path compile(Path source, Path directory) {
        return compile(compiler, source, directory);
    }

    /** The same by another compiler. */
    Path compile(Tool compiler, Path source, Path directory) {
        Path program = directory.resolve(name());
        compiler.run("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread", "-static",
                "-o", program.toString(), source.toString());
        return program;
    }

    /** Runs one, in an emulator where it is not for the processor here. */
    Tool.Result run(Path program, Path input, String... arguments) {
        List<String> command = new ArrayList<>(Stream.concat(emulator.stream().map(Tool::name),
                Stream.of(program.toString())).toList());
        command.addAll(List.of(arguments));
        Tool first = emulator.isEmpty() ? new Tool(command.get(0), "") : emulator.get(0);
        return first.start(input, command.subList(1, command.size()).toArray(String[]::new));
    }
}

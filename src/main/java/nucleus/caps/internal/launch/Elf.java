package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import nucleus.caps.internal.ffi.sock_fprog;
import nucleus.caps.internal.sys.FilterProgram;

/**
 * A static program, elf(5). Its first segment holds headers, the code of a {@link ChildImage}, the numbers of its two
 * descriptors, the list of instructions, and the bytes that the list points to. This segment is read-only at run time. The
 * second segment is the image's own memory, which calls write to. It and the stack are not executable.
 */
final class Elf {

    /** The list entries that are no system calls. The assembler sources explain them. */
    static final Instruction REPORT = new Instruction("report", -1, List.of(), 0, 0);
    static final Instruction END = new Instruction("end", -2, List.of(), 0, 0);

    /** The address that the file is mapped at. It is a multiple of any page size. */
    private static final long BASE = 0x40_0000;
    private static final int PAGE = 0x1_0000;
    private static final long OWN = BASE + 0x1000_0000;

    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int CODE = HEADER + 3 * SEGMENT;
    private static final int ENTRY = 9 * Long.BYTES;
    private static final int ARGUMENTS = 6;

    private static final byte[] IDENT = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final short ET_EXEC = 2;
    private static final int PT_LOAD = 1;
    private static final int PT_GNU_STACK = 0x6474_e551;
    private static final int R = 4;
    private static final int W = 2;
    private static final int X = 1;

    /**
     * The descriptors of an image by which it talks to its parent.
     *
     * @param up the one that it reports to
     * @param down the one that it waits at
     */
    record Ports(int up, int down) {
    }

    private final ChildImage image;
    private final Ports ports;
    private final List<Instruction> list;
    private final ByteBuffer file;
    private final int own;
    private int end;
    private int messages;

    private Elf(ChildImage image, Ports ports, List<Instruction> instructions, int memory) {
        this.image = image;
        this.ports = ports;
        list = new ArrayList<>(instructions);
        list.add(END);
        end = CODE + image.code().length + 2 * Long.BYTES + list.size() * ENTRY;
        own = end + sum(Elf::data);
        messages = own + aligned(memory);
        file = ByteBuffer.allocate(messages + sum(Elf::messages)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int sum(ToIntFunction<Instruction.Operand> size) {
        return list.stream().flatMap(each -> each.operands().stream()).mapToInt(size).sum();
    }

    /** @param memory the size of the image's own memory without messages, at least one byte */
    static byte[] of(ChildImage image, Ports ports, List<Instruction> instructions, int memory) {
        return new Elf(image, ports, instructions, memory).bytes();
    }

    private byte[] bytes() {
        header();
        segment(PT_LOAD, R | X, 0, BASE, own, PAGE);
        segment(PT_LOAD, R | W, own, OWN + own, file.capacity() - own, PAGE);
        segment(PT_GNU_STACK, R | W, 0, 0, 0, 16);
        file.put(image.code()).putLong(ports.up()).putLong(ports.down());
        list.forEach(this::entry);
        return file.array();
    }

    private void header() {
        file.put(IDENT).putShort(ET_EXEC).putShort((short) image.machine()).putInt(1);
        file.putLong(BASE + CODE).putLong(HEADER).putLong(0);
        file.putInt(0).putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) 3);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    }

    private void segment(int type, int flags, long offset, long address, long size, long alignment) {
        file.putInt(type).putInt(flags).putLong(offset).putLong(address).putLong(address);
        file.putLong(size).putLong(size).putLong(alignment);
    }

    private void entry(Instruction instruction) {
        file.putLong(instruction.number());
        List<Instruction.Operand> operands = instruction.operands();
        for (int i = 0; i < ARGUMENTS; i++) {
            file.putLong(i < operands.size() ? word(operands.get(i)) : 0);
        }
        file.putLong(instruction.wanted()).putLong(instruction.passed());
    }

    /** The bytes behind an operand. */
    private static int data(Instruction.Operand operand) {
        return switch (operand) {
            case Instruction.Bytes bytes -> aligned(bytes.content().length);
            case Instruction.Filter filter -> aligned(filter.program().length) + (int) sock_fprog.sizeof();
            case Instruction.Message _,Instruction.Own _,Instruction.Value _ -> 0;
        };
    }

    /** The messages of an operand. */
    private static int messages(Instruction.Operand operand) {
        return operand instanceof Instruction.Message ? SocketMessage.LENGTH : 0;
    }

    private long word(Instruction.Operand operand) {
        return switch (operand) {
            case Instruction.Bytes bytes -> BASE + placed(bytes.content());
            case Instruction.Filter filter -> BASE + placed(FilterProgram.header(filter.program().length,
                    BASE + placed(filter.program())).toArray(JAVA_BYTE));
            case Instruction.Message _ -> message();
            case Instruction.Own memory -> OWN + own + memory.offset();
            case Instruction.Value number -> number.value();
        };
    }

    private long message() {
        long address = OWN + messages;
        file.put(messages, SocketMessage.at(address, 0));
        messages += SocketMessage.LENGTH;
        return address;
    }

    private int placed(byte[] content) {
        int at = end;
        file.put(at, content);
        end += aligned(content.length);
        return at;
    }

    private static int aligned(int length) {
        return (length + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    }
}

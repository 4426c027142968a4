using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace OptDsl.Models.Tests;

/// <summary>Who can write parameters, read from the compiled assemblies: every call that hands out writable parameter memory.</summary>
public class ParameterWriteTests
{
    private static readonly HashSet<string> Writable = ["get_Values", "get_ValuesTensor", "get_ValuesPointer", "Block"];

    [Fact]
    public void Of_the_models_only_samplers_ask_for_writable_parameters()
        => Assert.Equal(["Chains`1", "ModelPlace`1"], Callers(typeof(DeepFactorization<>).Assembly.Location).Order(StringComparer.Ordinal));

    [Fact]
    public void In_the_runtime_only_the_optimizer_initialisers_and_the_views_themselves_do()
    {
        // OptimizerState makes the block of memory that a kernel sweeps, and only the optimizer's TensorLayout asks it to; ReferenceRunner
        // is its step by the declaration, PointEvaluator takes gradients at other points in the middle of one, OptimizerCheckpoint takes
        // over a file.
        string[] allowed = ["TensorLayout`2", "PointEvaluator`2", "OptimizerCheckpoint`2", "ReferenceRunner`2", "OptimizerState`1",
            "Initializers", "ParameterBuffer`1", "ParameterTensor`1"];
        IReadOnlyCollection<string> callers = Callers(typeof(ParameterBuffer<>).Assembly.Location);
        Assert.Contains("ReferenceRunner`2", callers);
        Assert.Contains("Initializers", callers);
        Assert.Empty(callers.Except(allowed));
    }

    [Fact]
    public void The_scan_sees_a_caller_outside_the_runtime()
        => Assert.Contains(nameof(ParameterWriteTests), Callers(typeof(ParameterWriteTests).Assembly.Location));

    [Fact]
    public void Models_leave_parameters_bitwise_unchanged()
    {
        var factorization = new DeepFactorization<float>([20, 9, 11, 30]);
        using var parameters = new ParameterBuffer<float>();
        factorization.AddTo(parameters);
        factorization.Initialize(parameters, 1, 0.3);
        float[] before = parameters.Values.ToArray();
        bool[] observed = new bool[600];
        observed.AsSpan(0, 300).Fill(true);
        foreach (ILossModel<float> loss in new ILossModel<float>[]
        {
            new DenseCompletionLoss<float>(factorization, new float[600], observed, 0.1),
            new SparseCompletionLoss<float>(factorization, [1, 5, 29], [0, 19, 7], [1, 2, 3], 0.1),
        })
        {
            loss.ComputeLoss(parameters);
            loss.ComputeGradient(parameters);
            Assert.Equal(before, parameters.ReadOnlyValues.ToArray());
        }
    }

    [Fact]
    public void Losses_over_examples_leave_parameters_and_what_is_theirs_to_leave_bitwise_unchanged()
    {
        using var parameters = new ParameterBuffer<double>();
        var network = new LinearNetworkLoss<double>([1, 2, 3, 4, 5, 6], [1, 2], 3, 2, 1);
        var regression = new LinearRegressionLoss<double>([1, 2, 3, 4, 5, 6], [1, 2], 3);
        network.AddTo(parameters);
        regression.AddTo(parameters);
        foreach (ParameterTensor<double> tensor in parameters.Tensors)
        {
            tensor.FillGaussian(1, 0.3);
        }

        double[] before = parameters.Values.ToArray(), result = new double[parameters.Count];
        double[] vector = [.. Enumerable.Range(1, parameters.Count)];
        foreach (IPerExampleSquares<double> loss in new IPerExampleSquares<double>[] { network, regression })
        {
            loss.ComputeLoss(parameters);
            loss.ComputeGradientAndSquares(parameters, result);
            double[] gradient = parameters.Gradients.ToArray();
            ((IHessianProducts<double>)loss).ComputeHessianProduct(parameters, vector, result);
            Assert.Equal(gradient, parameters.Gradients.ToArray());
            Assert.Equal(before, parameters.ReadOnlyValues.ToArray());
        }
    }

    [Fact]
    public void Losses_over_tensors_leave_parameters_bitwise_unchanged()
    {
        using var parameters = new ParameterBuffer<float>();
        var cp = new CpFactorization<float>([3, 4, 2], 5);
        var tree = new HierarchicalFactorization<float>([3, 4, 2], ModeTree.Chain(3, 3), "tree");
        cp.AddTo(parameters);
        tree.AddTo(parameters);
        cp.Initialize(parameters, 1, 0.3);
        tree.Initialize(parameters, 2, 0.3);
        float[] before = parameters.Values.ToArray();
        var entries = new TensorEntries<float>([3, 4, 2], [2, 1, 1, 0, 3, 0, 2, 2, 1], [1, 2, 3]);
        foreach (ILossModel<float> loss in new ILossModel<float>[] { new CpCompletionLoss<float>(cp, entries),
            new CpFactorizationLoss<float>(cp, new float[24]), new HierarchicalCompletionLoss<float>(tree, entries) })
        {
            loss.ComputeLoss(parameters);
            loss.ComputeGradient(parameters);
            Assert.Equal(before, parameters.ReadOnlyValues.ToArray());
        }
    }

    /// <summary>The outermost types with a method that calls one of the writable accessors.</summary>
    private static HashSet<string> Callers(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        var callers = new HashSet<string>();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            foreach (MethodDefinitionHandle methodHandle in type.GetMethods())
            {
                MethodDefinition method = reader.GetMethodDefinition(methodHandle);
                if (method.RelativeVirtualAddress != 0
                    && Tokens(file.GetMethodBody(method.RelativeVirtualAddress).GetILReader()).Any(token => IsWritable(reader, token)))
                {
                    callers.Add(Outermost(reader, type));
                }
            }
        }

        return callers;
    }

    private static bool IsWritable(MetadataReader reader, int token)
    {
        EntityHandle handle = MetadataTokens.EntityHandle(token);
        if (handle.Kind == HandleKind.MethodSpecification)
        {
            handle = reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method;
        }

        (StringHandle name, EntityHandle parent) = handle.Kind switch
        {
            HandleKind.MemberReference =>
                (reader.GetMemberReference((MemberReferenceHandle)handle).Name,
                    reader.GetMemberReference((MemberReferenceHandle)handle).Parent),
            HandleKind.MethodDefinition =>
                (reader.GetMethodDefinition((MethodDefinitionHandle)handle).Name,
                    (EntityHandle)reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType()),
            _ => default,
        };
        return !parent.IsNil && Writable.Contains(reader.GetString(name))
            && TypeName(reader, parent) is "ParameterBuffer`1" or "ParameterTensor`1" or "OptimizerState`1";
    }

    private static string TypeName(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(new Names(), null),
        HandleKind.TypeReference => reader.GetString(reader.GetTypeReference((TypeReferenceHandle)handle).Name),
        HandleKind.TypeDefinition => reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)handle).Name),
        _ => "",
    };

    private static string Outermost(MetadataReader reader, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
        {
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        }

        return reader.GetString(type.Name);
    }

    /// <summary>The method and field tokens of a body, in order.</summary>
    private static List<int> Tokens(BlobReader il)
    {
        var found = new List<int>();
        while (il.RemainingBytes > 0)
        {
            int code = il.ReadByte();
            OpCode operation = Operations[code == 0xFE ? 0xFE00 | il.ReadByte() : code];
            switch (operation.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineField:
                    found.Add(il.ReadInt32());
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                default:
                    il.Offset += Size(operation.OperandType);
                    break;
            }
        }

        return found;
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private static readonly Dictionary<int, OpCode> Operations = typeof(OpCodes).GetFields()
        .Select(field => field.GetValue(null)).OfType<OpCode>().ToDictionary(code => (int)(ushort)code.Value);

    /// <summary>The simple name of the type a signature instantiates.</summary>
    private sealed class Names : ISignatureTypeProvider<string, object?>
    {
        public string GetArrayType(string elementType, ArrayShape shape) => "[]";

        public string GetByReferenceType(string elementType) => elementType;

        public string GetFunctionPointerType(MethodSignature<string> signature) => "";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => genericType;

        public string GetGenericMethodParameter(object? genericContext, int index) => "";

        public string GetGenericTypeParameter(object? genericContext, int index) => "";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

        public string GetSZArrayType(string elementType) => "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
            => TypeName(reader, handle);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => TypeName(reader, handle);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle,
            byte rawTypeKind) => TypeName(reader, handle);
    }
}

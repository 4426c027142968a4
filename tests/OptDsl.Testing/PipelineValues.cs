using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Xunit;

namespace OptDsl.Testing;

/// <summary>Walks the values of a generator's steps and finds those that would hold on to a compilation.</summary>
public static class PipelineValues
{
    // Assignable-from, not equal: what derives from these holds on to as much.
    private static readonly Type[] Forbidden =
        [typeof(Compilation), typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SemanticModel), typeof(Location),
            typeof(IOperation), typeof(SyntaxReference), typeof(AttributeData), typeof(SourceText), typeof(Diagnostic)];

    /// <summary>Requires that nothing reachable from the outputs of the named steps is forbidden.</summary>
    public static void RequirePlain(GeneratorRunResult result, params string[] steps)
    {
        foreach (string step in steps)
        {
            Assert.True(result.TrackedSteps.ContainsKey(step),
                $"No step is named {step}; there are {string.Join(", ", result.TrackedSteps.Keys)}.");
            foreach ((object value, _) in result.TrackedSteps[step].SelectMany(run => run.Outputs))
            {
                Walk(value, step, new HashSet<object>(ReferenceEqualityComparer.Instance));
            }
        }
    }

    private static void Walk(object? value, string path, HashSet<object> seen)
    {
        if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum
            || (!value.GetType().IsValueType && !seen.Add(value)))
        {
            return;
        }

        Type type = value.GetType();
        Type? forbidden = Array.Find(Forbidden, candidate => candidate.IsAssignableFrom(type));
        Assert.True(forbidden is null, $"{path} is a {type.Name}, which keeps a {forbidden?.Name} alive between edits.");
        if (value is IEnumerable items)
        {
            int index = 0;
            foreach (object? item in items)
            {
                Walk(item, $"{path}[{index++}]", seen);
            }
        }

        for (Type? layer = type; layer is not null && layer != typeof(object) && !type.IsArray; layer = layer.BaseType)
        {
            foreach (FieldInfo field in layer.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic
                | BindingFlags.DeclaredOnly))
            {
                Walk(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }
}

using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace OptDsl.Generator.Tests.Robustness;

/// <summary>
/// A tree that says whenever a declaration's syntax is asked for, which the compiler and the parser of rules do all the time:
/// a place in the middle of a run at which a test can act, the same in every run.
/// </summary>
internal sealed class ObservedTree : CSharpSyntaxTree
{
    private readonly CSharpSyntaxNode root;
    private readonly Action<SyntaxNode> observe;

    internal ObservedTree(SyntaxTree tree, Action<SyntaxNode> observe)
    {
        this.observe = observe;
        Options = (CSharpParseOptions)tree.Options;
        FilePath = tree.FilePath;
        root = CloneNodeAsRoot((CSharpSyntaxNode)tree.GetRoot());
    }

    public override string FilePath { get; }

    public override CSharpParseOptions Options { get; }

    public override bool HasCompilationUnitRoot => true;

    public override Encoding Encoding => Encoding.UTF8;

    public override int Length => root.FullSpan.Length;

    public override CSharpSyntaxNode GetRoot(CancellationToken cancellationToken) => root;

    public override bool TryGetRoot(out CSharpSyntaxNode root)
    {
        root = this.root;
        return true;
    }

    public override SourceText GetText(CancellationToken cancellationToken) => SourceText.From(root.ToFullString(), Encoding);

    public override bool TryGetText(out SourceText text)
    {
        text = GetText(CancellationToken.None);
        return true;
    }

    public override SyntaxReference GetReference(SyntaxNode node) => new Reference(this, node);

    public override SyntaxTree WithFilePath(string path) => throw new NotSupportedException();

    public override SyntaxTree WithRootAndOptions(SyntaxNode root, ParseOptions options) => throw new NotSupportedException();

    private sealed class Reference(ObservedTree tree, SyntaxNode node) : SyntaxReference
    {
        public override SyntaxTree SyntaxTree => tree;

        public override TextSpan Span => node.Span;

        public override SyntaxNode GetSyntax(CancellationToken cancellationToken)
        {
            tree.observe(node);
            return node;
        }
    }
}

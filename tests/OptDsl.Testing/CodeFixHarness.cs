using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using OptDsl.CodeFixes;
using Xunit;

namespace OptDsl.Testing;

/// <summary>Runs fixes as an editor does, over projects of one or more files.</summary>
public static class CodeFixHarness
{
    /// <summary>Every exported fix.</summary>
    public static IReadOnlyList<CodeFixProvider> Fixes { get; } =
    [
        .. typeof(RuleCodeFix).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(ExportCodeFixProviderAttribute), inherit: false))
            .Select(type => (CodeFixProvider)Activator.CreateInstance(type)!),
    ];

    /// <summary>The text of a file after the only fix of its first diagnostic of the id; null where no fix is offered.</summary>
    public static string? Fix(string id, string source) => Fix(id, [source])?[0];

    /// <summary>
    /// The texts of a project's files after the only fix of the first diagnostic of the id; null where no fix is offered.
    /// </summary>
    public static IReadOnlyList<string>? Fix(string id, string[] files)
    {
        using AdhocWorkspace workspace = Open([files]);
        Solution solution = workspace.CurrentSolution;
        Diagnostic diagnostic = Diagnostics(solution.Projects.Single(), id).FirstOrDefault()
            ?? throw new InvalidOperationException($"There is no {id} to fix.");
        var offered = new List<CodeAction>();
        var context = new CodeFixContext(solution.GetDocument(diagnostic.Location.SourceTree)!, diagnostic,
            (action, _) => offered.Add(action), CancellationToken.None);
        FixOf(id).RegisterCodeFixesAsync(context).GetAwaiter().GetResult();
        return offered.Count == 0 ? null : Apply(Assert.Single(offered), solution)[0];
    }

    /// <summary>
    /// The texts of every project's files after all diagnostics of the id in the scope were fixed at once; the scope begins at the first
    /// file.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<string>> FixAll(string id, FixAllScope scope, params string[][] projects)
    {
        using AdhocWorkspace workspace = Open(projects);
        Solution solution = workspace.CurrentSolution;
        Document first = solution.Projects.First().Documents.First();
        CodeFixProvider fix = FixOf(id);
        var context = new FixAllContext(first, fix, scope, fix.GetType().Name, [id], new Reported(id), CancellationToken.None);
        FixAllProvider all = fix.GetFixAllProvider()!;
        Assert.Contains(scope, all.GetSupportedFixAllScopes());
        CodeAction? action = all.GetFixAsync(context).GetAwaiter().GetResult();
        return action is null ? projects : Apply(action, solution);
    }

    private static CodeFixProvider FixOf(string id) => Fixes.Single(fix => fix.FixableDiagnosticIds.Contains(id));

    private static List<Diagnostic> Diagnostics(Project project, string id)
    {
        var compilation = (CSharpCompilation)project.GetCompilationAsync().GetAwaiter().GetResult()!;
        return [.. AnalyzerHarness.Run(compilation).Where(diagnostic => diagnostic.Id == id)];
    }

    private static AdhocWorkspace Open(string[][] projects)
    {
        var workspace = new AdhocWorkspace();
        Solution solution = workspace.CurrentSolution;
        foreach (string[] files in projects)
        {
            var id = ProjectId.CreateNewId();
            string name = $"Author{solution.ProjectIds.Count}";
            solution = solution
                .AddProject(
                    ProjectInfo.Create(id, VersionStamp.Default, name, name, LanguageNames.CSharp, parseOptions: RuleCompilation.Options(),
                        compilationOptions: RuleCompilation.Library()))
                .AddMetadataReferences(id, RuleCompilation.References);
            for (int i = 0; i < files.Length; i++)
            {
                solution = solution.AddDocument(DocumentId.CreateNewId(id), $"File{i}.cs", SourceText.From(files[i]));
            }

            solution = solution.AddDocument(DocumentId.CreateNewId(id), "Usings.cs", SourceText.From(RuleCompilation.Usings));
        }

        Assert.True(workspace.TryApplyChanges(solution));
        return workspace;
    }

    private static List<IReadOnlyList<string>> Apply(CodeAction action, Solution before)
    {
        Solution after = action.GetOperationsAsync(CancellationToken.None).GetAwaiter().GetResult().OfType<ApplyChangesOperation>()
            .Single().ChangedSolution;
        Assert.Equal(before.ProjectIds, after.ProjectIds);
        return
        [
            .. after.Projects.Select(project => (IReadOnlyList<string>)
            [
                .. project.Documents.Where(document => document.Name != "Usings.cs")
                .Select(document => document.GetTextAsync().GetAwaiter().GetResult().ToString()),
            ]),
        ];
    }

    /// <summary>What the analyzer reports of one id, for a fix of all.</summary>
    private sealed class Reported(string id) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>(Diagnostics(project, id));

        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
        {
            SyntaxTree? tree = document.GetSyntaxTreeAsync(cancellationToken).GetAwaiter().GetResult();
            return Task.FromResult(Diagnostics(document.Project, id).Where(diagnostic => diagnostic.Location.SourceTree == tree));
        }

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>([]);
    }
}

-- Santun in Neovim 0.11 and newer. Copy this file to ~/.config/nvim/lsp/santun.lua and write in init.lua:
--
--     vim.lsp.enable("santun")

return {
  cmd = { "lint", "lsp" },
  -- What messages and templates are written in; TOML, since that is where settings and packs are.
  filetypes = {
    "text", "mail", "markdown", "html", "blade", "twig", "htmldjango", "jinja", "liquid", "handlebars", "mustache",
    "jsonl", "csv", "toml",
  },
  root_markers = { "santun.toml", ".git" },
  -- "id" or "en", before `lang` of santun.toml:
  -- init_options = { lang = "en" },

  -- :SantunCheck looks at all files of the folder and lists what it found.
  on_attach = function(client, buffer)
    vim.api.nvim_buf_create_user_command(buffer, "SantunCheck", function()
      client:request("workspace/executeCommand", { command = "santun.checkWorkspace" }, function(failure)
        if failure then
          vim.notify(failure.message, vim.log.levels.WARN)
        else
          vim.diagnostic.setqflist()
        end
      end)
    end, { desc = "Check all messages" })
  end,
}
